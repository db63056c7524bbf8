"""What makes two mentions of an enterprise the same one: codes first, then the exact registered name.

An id is the valid 统一社会信用代码; without one ``stock:CODE``; without that ``name:NORMALISED NAME``. A store later leads
ids of the second and third form to the code they turn out to belong to; nothing is ever joined on likeness.
"""

from __future__ import annotations

import re
import unicodedata

from stdnum.cn import uscc as _uscc

_FULL_NAME = re.compile(r"(公司|集团|厂|院|所|中心|合作社|银行|企业|（有限合伙）|\(有限合伙\))$")


def normal_name(name: str) -> str:
    """Name without the differences that mean nothing: width, spaces, bracket form, 有限责任公司 for 有限公司.

    >>> normal_name(" 太原重工（集团） 有限责任公司 ")
    '太原重工(集团)有限公司'
    """
    text = re.sub(r"\s+", "", unicodedata.normalize("NFKC", name)).replace("有限责任公司", "有限公司")
    return text.translate(str.maketrans("〔〕【】[]", "()()()")).rstrip("。.,;、")


def is_full_name(name: str) -> bool:
    """Whether a name looks like a registered full name rather than a nickname or a group of firms.

    >>> is_full_name("太原重工股份有限公司"), is_full_name("中石油")
    (True, False)
    """
    return len(name) >= 6 and bool(_FULL_NAME.search(name))


def is_uscc(code: str) -> bool:
    """Whether a code is a well-formed 统一社会信用代码 with a right check digit.

    >>> is_uscc("91140000701011888X"), is_uscc("911400007010118880")
    (True, False)
    """
    return bool(_uscc.is_valid(code)) and str(_uscc.compact(code)) == code  # stdnum forgives case and width; an id must be one string


def enterprise_id(*, uscc: str | None = None, code: str | None = None, name: str | None = None) -> str | None:
    """Id of an enterprise from what is known of it, None if that is nothing.

    >>> enterprise_id(uscc="91140000701011888X"), enterprise_id(code="000825"), enterprise_id(name="某 公司")
    ('91140000701011888X', 'stock:000825', 'name:某公司')
    """
    if uscc and is_uscc(uscc):
        return uscc
    if code:
        return f"stock:{code}"
    return f"name:{normal_name(name)}" if name and normal_name(name) else None
