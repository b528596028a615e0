package io.cairn.saga;

import java.util.List;

/// What a jar brings of sagas: it names its implementation in `META-INF/services`.
public interface SagaProvider {
    List<SagaType> sagas();
}
