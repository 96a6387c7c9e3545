"""WebRTC. aiortc lives here and nowhere else. The forwarding core is pure; sockets are around it.

`media.api` is what other rooms import: the client of a worker, without aiortc.
"""
