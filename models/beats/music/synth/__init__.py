"""Instruments in NumPy. A sound is a float32 array whose attack begins at its first sample."""
