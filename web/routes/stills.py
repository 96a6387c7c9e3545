"""Exact stills of a room's frozen ultrasound: from the station, and to those who receive its picture.

PUT  /api/station/stills/{still_id}                   multipart: StationStill and one file, the PNG
GET  /api/consults/{consult_id}/stills/{still_id}     the PNG
"""

STILL_LIMIT_BYTES = 16 << 20
