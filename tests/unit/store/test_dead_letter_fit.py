"""A dead letter is cut to what a document can hold."""

from shared.schemas import DeadLetter, RawField
from shared.store.dead_letters import fit
from tests.stories import NOON


def letter(*fields: RawField, cut: int = 0) -> DeadLetter:
    return DeadLetter(
        reason="failed",
        error="ValueError",
        message="no",
        stage="ingest",
        stream="stories.ingest",
        entry_id="1-0",
        deliveries=1,
        time=NOON,
        fields=fields,
        cut=cut,
    )


def test_a_letter_that_fits_is_kept_as_it_is() -> None:
    whole = letter(RawField.of(b"body", b"x" * 100))
    assert fit(whole, room=100) is whole


def test_the_largest_fields_go_first_and_are_counted_in_their_own_bytes() -> None:
    fields = (RawField.of(b"a", b"x" * 40), RawField.of(b"b", b"\xff" * 90), RawField.of(b"c", b"x" * 50))

    kept = fit(letter(*fields, cut=7), room=100)

    assert [field.name for field in kept.fields] == ["a", "c"]
    assert kept.cut == 7 + 90


def test_base64_takes_the_room_that_it_takes() -> None:
    assert fit(letter(RawField.of(b"b", b"\xff" * 90)), room=100).fields == ()
