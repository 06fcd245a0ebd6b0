"""What a title alone says."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nudger.domain.titles import bundled_title_words, has_word, is_cancelled_title, title_words


@pytest.mark.parametrize(
    "title",
    [
        "Canceled: Pilot review",
        "Cancelled: Pilot review",
        "Canceled: Canceled: Pilot review",
        "CANCELLED - Pilot review",
        "[Cancelled] Pilot review",
        "❌ Cancelled – Pilot review",
        "Canceled event: Pilot review",
        "Canceled. Pilot review",
        "Cancelled!",
        "CANCELLED Pilot review",
        "Pilot review (cancelled)",
        "Pilot review [CANCELED]!",
        "Pilot review - cancelled",
        "Re: FW: Canceled: Pilot review",
        "Abgesagt: Angebot",
        "WG: Abgesagt: Angebot",
        "Entfällt: Jour fixe",
        "FÄLLT AUS: Jour fixe",
        "Annulé : point hebdo",
        "Annulé\u00a0: point hebdo",
        "Annulée : visite",
        "Cancelado: reunión",
        "CANCELADA reunión",
        "Anul·lat: reunió",
        "Annullato: riunione",
        "Geannuleerd: overleg",
        "Odwołane: spotkanie",
        "Inställt: möte",
        "Avlyst: møte",
        "Aflyst: møde",
        "Peruutettu: palaveri",
        "Zrušeno: schůzka",
        "Lemondva: megbeszélés",
        "Anulat: ședință",
        "Ακυρώθηκε: σύσκεψη",
        "Otkazano: sastanak",
        "İptal Edildi: toplantı",
        "Отменено: встреча",
        "Скасовано: зустріч",
        "בוטל: פגישה",
        "تم الإلغاء: اجتماع",
        "キャンセル済み: 定例会",
        "【中止】定例会",
        "已取消: 项目会议",
        "취소됨: 회의",
        "Đã hủy: họp",
        "Dibatalkan: rapat",
        "ยกเลิก: ประชุม",
    ],
)
def test_cancelled_titles(title):
    assert is_cancelled_title(title)
    assert is_cancelled_title(unicodedata.normalize("NFD", title))


@pytest.mark.parametrize(
    "title",
    [
        "",
        "Cancelled orders",
        "Cancelled-order workshop",
        "Cancellation policy: review",
        "Uncancelled: the comeback",
        "CANCELLED ORDERS REVIEW",
        "What if they cancelled?",
        "Abgesagte Messen",
        "Abgesagt.de: Demo",
        "Entfällt die Gebühr? Klärung",
        "Annulation de commande : cause",
        "Stornierungen im Webshop",
    ],
)
def test_titles_about_cancelling(title):
    assert not is_cancelled_title(title)


@pytest.mark.parametrize(
    ("title", "is_found"),
    [
        ("Interview: senior AE", True),
        ("INTERVIEWS", True),
        ("Interviewer tool demo", False),
        ("Telefoninterview Huber", True),
        ("Candidates, round 2", True),
        ("Release candidate 2", False),
        ("Release candidate 2, then the candidate", True),
        ("Bewerbungsgespräche", True),
        ("Kandidatinnen", True),
        ("Entretien client", False),
        ("Entretiens d'embauche", True),
        ("Kundenwebinar", True),
        ("Webbinarium om säljträning", True),
        ("собеседование, Иванов", True),
        ("明日の面接について", True),
        ("", False),
    ],
)
def test_bundled_words(title, is_found):
    assert has_word(title, title_words(bundled_title_words())) is is_found


@pytest.mark.parametrize(
    ("word", "title", "is_found"),
    [
        ("audit", "Audits at Acme", True),
        ("audit", "Auditorium tour", False),
        ("*audit", "Lieferantenaudit", True),
        ("c++", "C++ training", True),
        ("面接", "採用面接", True),
    ],
)
def test_an_admins_word(word, title, is_found):
    assert has_word(title, title_words((word,))) is is_found
    assert not has_word(title, title_words(()))


@given(st.text(max_size=200))
def test_any_title_is_read(title):
    assert is_cancelled_title(title) in (True, False)
    assert has_word(title, title_words(bundled_title_words())) in (True, False)
