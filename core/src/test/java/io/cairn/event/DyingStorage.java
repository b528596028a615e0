package io.cairn.event;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;

/// Another storage, as a process sees it that dies at a commit: before it has taken effect, or after.
public final class DyingStorage extends LastingStorage {
    private final boolean afterwards;
    private int commitsLeft;

    /// @param commits that are well before the one at which the process dies
    public DyingStorage(LogStorage storage, int commits, boolean afterwards) {
        super(storage);
        this.commitsLeft = commits;
        this.afterwards = afterwards;
    }

    @Override
    public WriteTransaction begun(WriteTransaction transaction) {
        return (WriteTransaction) Proxy.newProxyInstance(
                WriteTransaction.class.getClassLoader(),
                new Class<?>[] {WriteTransaction.class},
                (proxy, method, arguments) -> call(transaction, method, arguments));
    }

    private Object call(WriteTransaction transaction, Method method, Object[] arguments) throws Throwable {
        boolean dies = method.getName().equals("commit") && commitsLeft-- == 0;
        if (dies && !afterwards) {
            throw new Died();
        }
        try {
            var result = method.invoke(transaction, arguments);
            if (dies) {
                throw new Died();
            }
            return result;
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    /// The end of a process: an error, so that nothing on its way out takes it for a failure to handle.
    public static final class Died extends Error {
        private static final long serialVersionUID = 1;

        Died() {
            super("The process is dead", null, false, false);
        }
    }
}
