package io.cairn.recall;

/// A unit that a leg found, with that leg's own score.
public record Candidate(UnitRef ref, double score) {}
