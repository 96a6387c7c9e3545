"""Earlier ultrasound exams, to be seen beside today's: those kept in consults and those of an archive.

GET /api/residents/{resident_id}/ultrasound-exams                  -> UltrasoundExamList
GET /api/residents/{resident_id}/ultrasound-exams/{exam_id}        -> UltrasoundExamPage
GET /api/residents/{resident_id}/ultrasound-exams/{exam_id}/{picture_id}/frames/{frame}.png
GET /api/residents/{resident_id}/ultrasound-exams/{exam_id}/ecgs/{ecg_id}/samples
"""

from records.ids import ResidentId
from records.ultrasound_exams import ArchiveSearch, ExamEcg, ExamSeries, UltrasoundExam
from records.values import Value


class UltrasoundExamList(Value):
    """A resident's exams, the latest first; of an archive's only those that are hers by their own words."""

    resident_id: ResidentId  # whose they are: whoever shows them beside somebody's picture compares it
    exams: tuple[UltrasoundExam, ...]
    archives: tuple[ArchiveSearch, ...]  # one for each that was asked


class UltrasoundExamPage(Value):
    """One exam. An archive's is fetched when it is first asked for: ask again while it is `coming`."""

    resident_id: ResidentId  # as in the list
    exam: UltrasoundExam
    series: tuple[ExamSeries, ...]  # empty until it is here
    ecgs: tuple[ExamEcg, ...] = ()  # of an archive's exam
    unreadable: int = 0  # objects of it that cannot be shown faithfully
