"""From other people's checkpoints, and from our own training, to packs that Klangbild runs."""
