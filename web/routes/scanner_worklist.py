"""What the scanner beside a station is to be told; the station answers it (PS3.4 K).

POST /api/station/worklist     ScannerAsks -> ScannerSteps
"""
