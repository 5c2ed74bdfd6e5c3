"""A pack, measured: one command that writes figures and sheets beside it.

    python -m models.evaluate PACK [--compare PACK] [--decoder-only FILE.onnx] [-o DIR] [--quick]

Both graphs are run by ONNX Runtime as Klangbild runs them; music and pictures are those that training never saw.
"""
