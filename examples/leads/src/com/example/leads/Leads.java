package com.example.leads;

import io.cairn.saga.SagaProvider;
import io.cairn.saga.SagaType;
import java.nio.file.Path;
import java.util.List;

/// What the jar brings of sagas. The folder of agents is named by the system property `leads.agents`.
public final class Leads implements SagaProvider {
    @Override
    public List<SagaType> sagas() {
        var folder = Path.of(System.getProperty("leads.agents", "agents"));
        return List.of(ScoreLead.saga(), AssignLead.saga(new FolderOfAgents(folder)));
    }
}
