package io.cairn.server.http;

import io.cairn.tenant.Context;
import io.cairn.tenant.Tenant;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// Something that all callers take from, such as places or bytes, of which a tenant and a key may each hold no more
/// than their allowance, so that one of them does not take what belongs to all.
///
/// Who holds nothing may take once beyond its allowance, since that can be smaller than what one request needs.
public final class Allowances {
    private final long total;
    private final long tenantMax;
    private final long keyMax;
    private final Map<Tenant, Long> otherMax;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition given = lock.newCondition();
    private final Map<Object, Long> held = new HashMap<>();

    /// @param tenantMax what all keys of one tenant may hold together
    public Allowances(long total, long tenantMax, long keyMax) {
        this(total, tenantMax, keyMax, Map.of());
    }

    /// @param otherMax of tenants that may hold another amount than `tenantMax`
    Allowances(long total, long tenantMax, long keyMax, Map<Tenant, Long> otherMax) {
        if (total < 1 || tenantMax < 1 || keyMax < 1) {
            throw new IllegalArgumentException("Allowances are positive");
        }
        this.total = total;
        this.tenantMax = tenantMax;
        this.keyMax = keyMax;
        this.otherMax = Map.copyOf(otherMax);
    }

    private enum All {
        CALLERS
    }

    private record Key(Tenant tenant, String actor) {}

    /// Takes an amount, if need be after waiting until others have given back theirs.
    ///
    /// @return whether it was taken
    public boolean take(Context caller, long amount, Duration patience) throws InterruptedException {
        long nanos = patience.toNanos();
        lock.lockInterruptibly();
        try {
            while (!fits(caller, amount)) {
                if (nanos <= 0) {
                    return false;
                }
                nanos = given.awaitNanos(nanos);
            }
            change(caller, amount);
            return true;
        } finally {
            lock.unlock();
        }
    }

    public void give(Context caller, long amount) {
        lock.lock();
        try {
            change(caller, -amount);
            given.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private boolean fits(Context caller, long amount) {
        return fits(All.CALLERS, amount, total)
                && fits(caller.tenant(), amount, otherMax.getOrDefault(caller.tenant(), tenantMax))
                && fits(key(caller), amount, keyMax);
    }

    private boolean fits(Object holder, long amount, long max) {
        long holds = held.getOrDefault(holder, 0L);
        return holds == 0 || holds + amount <= max;
    }

    private void change(Context caller, long amount) {
        change(All.CALLERS, amount);
        change(caller.tenant(), amount);
        change(key(caller), amount);
    }

    private void change(Object holder, long amount) {
        if (held.merge(holder, amount, Long::sum) == 0) {
            held.remove(holder);
        }
    }

    private static Key key(Context caller) {
        return new Key(caller.tenant(), caller.actor());
    }

    long held() {
        lock.lock();
        try {
            return held.getOrDefault(All.CALLERS, 0L);
        } finally {
            lock.unlock();
        }
    }
}
