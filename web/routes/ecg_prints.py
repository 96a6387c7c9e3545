"""The printed report of a kept ECG.

GET /api/ecg-studies/{study_id}/report.pdf?language=              -> application/pdf
GET /api/ecg-studies/{study_id}/report.svg?language=&page=        -> image/svg+xml, one page
"""
