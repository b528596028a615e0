package io.cairn.model;

class InMemoryVectorStoreTest extends VectorStoreContract {
    @Override
    protected VectorStore open() {
        return VectorStore.inMemory();
    }
}
