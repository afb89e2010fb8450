"""ID numbers by GB 11643-1999: what is read fits its check digit, what does not fit is never a value."""
import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridapp.rules import id_numbers

GOOD = "990101195708040766"
WITH_X = "99010120010221303X"


@st.composite
def numbers(draw):
    day = draw(st.dates(dt.date(1900, 1, 1), dt.date(2030, 12, 31)))
    first = f"990101{day:%Y%m%d}{draw(st.integers(1, 999)):03d}"
    return first + id_numbers.check_digit(first)


def codes(raw):
    return [fault.code for fault in id_numbers.read(raw).faults]


@pytest.mark.parametrize("raw", [
    GOOD, f" {GOOD} ", f"'{GOOD}", f"‘{GOOD}", f"{GOOD}\n", f"{GOOD}\t", f"\xa0{GOOD}", f"{GOOD}\u200b", f"\u3000{GOOD}", f"\u202d{GOOD}\u202c",
    "990101 19570804 0766", "990101-19570804-0766", "９９０１０１１９５７０８０４０７６６", f'="{GOOD}"', f"身份证号：{GOOD}", f"{GOOD}（本人）"])
def test_spellings_of_one_number(raw):
    reading = id_numbers.read(raw)
    assert (reading.value, reading.faults) == (GOOD, ())


@pytest.mark.parametrize("raw", [WITH_X, "99010120010221303x", "99010120010221303ｘ", "９９０１０１２００１０２２１３０３Ｘ"])
def test_x_is_upper_case(raw):
    assert id_numbers.read(raw).value == WITH_X


@pytest.mark.parametrize("raw", ["99010120010221303×", "99010120010221303*", "9901012OO1O221303X", "99OI0120010221303X"])
def test_letters_that_look_alike_are_mended_and_said(raw):
    assert id_numbers.read(raw).value == WITH_X
    assert codes(raw) == ["id_invalid_char"]


@pytest.mark.parametrize(("raw", "code"), [
    (9.90101194903178e17, "id_precision_lost"), (990101195708040766, "id_precision_lost"), ("9.90101E+17", "id_precision_lost"),
    ("9.90101194903178E+17", "id_precision_lost"), ("990101197004083000", "id_precision_lost"), ("990101194204031928", "id_checksum"),
    ("99010119710707446", "id_length"), ("9901011983030827770", "id_length"), ("123", "id_length"), ("990101196502311238", "id_birth_invalid"),
    ("990101196513011230", "id_birth_invalid"), ("9901011991101752A0", "id_invalid_char"), ("E00000001", "id_invalid_char"),
    ("9901011943****4007", "id_masked"), ("990101********0766", "id_masked"), ("990101XXXXXXXX0766", "id_masked"),
    ("99010119570804076*", "id_masked"),
    (f"{GOOD}/{WITH_X}", "id_multiple"), (f"{GOOD}\n{WITH_X}", "id_multiple"), (f"{GOOD} {WITH_X}", "id_multiple"),
    (f"{GOOD}{WITH_X}", "id_multiple"),
    ("990101581314161", "id_birth_invalid"), ("١١٠١٠١١٩٩٠٠١٠١١٢٣٤", "id_invalid_char"),
])
def test_refused(raw, code):
    reading = id_numbers.read(raw)
    assert reading.value is None and reading.refused
    assert codes(raw) == [code]


@pytest.mark.parametrize("raw", [None, "", "无", "—", "/", "不详"])
def test_blank(raw):
    assert id_numbers.read(raw).value is None and not codes(raw)


@pytest.mark.parametrize("raw", ["办理中", "未上户口"])
def test_words_instead_of_a_number(raw):
    reading = id_numbers.read(raw)
    assert reading.value is None and not reading.refused and codes(raw) == ["id_missing"]


@pytest.mark.parametrize("raw", ["990101580414161", 990101580414161, 990101580414161.0])
def test_fifteen_digits_become_eighteen(raw):
    assert id_numbers.read(raw).value == "990101195804141612"
    assert codes(raw) == ["id_legacy15"]


def test_a_fitting_number_that_ends_in_000_is_doubted():
    fitting = next(first + "0" for n in range(100, 1000, 100) for day in range(1, 29)
                   if id_numbers.check_digit(first := f"99010119700{4:01d}{day:02d}{n}") == "0")
    assert id_numbers.read(fitting).value == fitting
    assert codes(fitting) == ["id_precision_lost"] and not id_numbers.read(fitting).refused


@given(numbers())
def test_every_made_number_reads_as_itself(number):
    assert id_numbers.read(number).value == number
    assert id_numbers.birth(number) == f"{number[6:10]}-{number[10:12]}-{number[12:14]}"
    assert id_numbers.sex(number) == ("1" if number[16] in "13579" else "2")


@given(numbers(), st.integers(0, 16), st.integers(1, 9))
def test_one_wrong_digit_is_always_found(number, place, more):
    wrong = number[:place] + str((int(number[place]) + more) % 10) + number[place + 1 :]
    assert id_numbers.read(wrong).value is None


@given(numbers(), st.integers(0, 15))
def test_two_neighbours_swapped_are_always_found(number, place):
    swapped = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
    assert swapped == number or id_numbers.read(swapped).value is None


@given(numbers().filter(lambda number: number.isdigit()))
def test_a_number_cell_is_never_a_value(number):
    assert id_numbers.read(int(number)).refused and id_numbers.read(float(number)).refused


@given(st.one_of(st.text(), st.text("0123456789Xx*- /O", max_size=40), st.floats(), st.integers()))
def test_whatever_comes_a_value_is_whole(raw):
    value = id_numbers.read(raw).value
    assert value is None or (len(value) == 18 and value.isascii() and value[17] == id_numbers.check_digit(value[:17]))
