"""The network that hears beats, downbeats and drums: small, causal, a frame at a time.

Read in this order: `contract.py` (sizes and times), `bands.py` (samples to band powers), `levelling.py` (powers to features
that do not know how loud the master is), `model.py` (features to activations), `stream.py` (all of it as one ONNX graph),
`weights.py` (that graph's weights, to train on).
Training: `targets.py`, `store.py`, `practice.py`, `variety.py`, `batches.py`, `train.py`; `picking.py` and `measure.py` say how
good it is.
"""
