"""The starter pack: a hand-made (not trained) encoder and generator behind Klangbild's pack contract."""
