"""Questions to a graph: pure functions of a store, each answered with a frame."""
