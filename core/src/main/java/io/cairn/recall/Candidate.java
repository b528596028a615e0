package io.cairn.recall;

import io.cairn.passage.PassageRef;

/// A passage that a leg found, with that leg's own score.
public record Candidate(PassageRef ref, double score) {}
