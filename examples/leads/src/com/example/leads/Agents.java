package com.example.leads;

/// The system of those who talk to customers. What comes with one key is done once.
interface Agents {
    /// @return the agent's name
    String reserve(String key, String lead) throws Exception;

    boolean hasReserved(String key) throws Exception;

    void release(String key) throws Exception;

    /// @throws NoTimeException if no agent talks to such a customer
    void introduce(String key, String agent, String classification) throws Exception;

    final class NoTimeException extends Exception {
        NoTimeException(String classification) {
            super("no agent has time for leads that are " + classification);
        }
    }
}
