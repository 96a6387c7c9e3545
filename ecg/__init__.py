"""ECG as numbers: leads, the wire format E1, sources of samples. Pure: no asyncio, no network, no clock."""
