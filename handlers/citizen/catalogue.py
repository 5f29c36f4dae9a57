"""What benefits there are: by life situation, a card each, and what else people ask about them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal

from handlers import cards as case_cards
from handlers import communes, pages
from handlers.benefits.signing import paid_from
from handlers.desk import Turn
from handlers.forms import Command, Form
from handlers.i18n import N_
from handlers.messages import Button
from handlers.render import command_button
from handlers.times import money
from models.benefits.amounts import figure_on
from models.benefits.cards import Card, card, catalogue
from models.benefits.check import law

LIFE = {  # life situations, in the order shown
    "nguoi_cao_tuoi": N_("👵 Người cao tuổi"),
    "khuyet_tat": N_("♿ Người khuyết tật"),
    "tre_em": N_("🧒 Trẻ em"),
    "don_than": N_("👩‍👧 Đơn thân nuôi con"),
    "nguoi_cham_soc": N_("🤝 Người nhận chăm sóc"),
    "mai_tang": N_("🕯 Mai táng"),
    "bao_hiem_y_te": N_("🏥 Bảo hiểm y tế"),
    "co_so": N_("🏠 Cơ sở trợ giúp xã hội"),
    "kho_khan_dot_xuat": N_("🌊 Khó khăn đột xuất"),
    "rieng_tu": N_("🔒 Hỏi riêng tư"),
}
PAGES = {  # what else people ask: page -> its name on a button
    "documents": N_("📄 Giấy tờ, nơi nộp"),
    "payment": N_("💵 Nhận tiền"),
    "transfer": N_("🚚 Chuyển nơi ở"),
    "health_card": N_("🏥 Thẻ bảo hiểm y tế"),
    "disability_certificate": N_("♿ Giấy xác nhận khuyết tật"),
    "facility": N_("🏠 Vào cơ sở trợ giúp xã hội"),
    "pregnant": N_("🤰 Mang thai, con nhỏ"),
    "poor_household": N_("📋 Hộ nghèo, cận nghèo"),
    "other_policy": N_("🏛 Việc của cơ quan khác"),
    "private": N_("🔒 Hỏi riêng tư"),
    "contact": N_("☎ Liên hệ xã"),
}
# what a question in one's own words is about: a life situation, a benefit or a page
ABOUT = {
    "q_elderly": "nguoi_cao_tuoi",
    "q_disability": "khuyet_tat",
    "q_child": "tre_em",
    "q_orphan": "tcxh_k1",
    "q_single_parent": "tcxh_k4",
    "q_care": "nguoi_cham_soc",
    "q_funeral": "mai_tang",
    "q_house_support": "kho_khan_dot_xuat",
    "q_pregnant": "pregnant",
    "q_health_card": "health_card",
    "q_disability_cert": "disability_certificate",
    "q_poor_household": "poor_household",
    "q_payment": "payment",
    "q_documents": "documents",
    "q_other_policy": "other_policy",
    "q_hiv": "private",
    "q_contact": "contact",
    "q_amount": "",
}
CHECK_FOR = {"mai_tang": "deceased"}  # a life situation whose check begins elsewhere


async def show(turn: Turn, name: str) -> None:
    """/chedo: the situations of life, one of them, a benefit, or a page."""
    turn.asks = False
    known = law().benefits
    if name in LIFE and name != "rieng_tu":
        _situation(turn, name)
    elif name in known:
        _benefit(turn, name)
    elif name in PAGES or name == "rieng_tu":
        await _page(turn, "private" if name == "rieng_tu" else name)
    else:
        t = turn.t
        turn.say(
            t(N_("**Các chế độ trợ giúp** – ông/bà quan tâm việc nào?")),
            command_button("kiemtra", t(N_("🔎 Kiểm tra tôi được gì"))),
            *(command_button("chedo", t(label), life) for life, label in LIFE.items()),
            command_button("hoidap", t(N_("❓ Giấy tờ, nhận tiền, câu hỏi khác"))),
        )


async def questions(turn: Turn, name: str) -> None:
    """/hoidap: what else people ask."""
    turn.asks = False
    if name in PAGES:
        await _page(turn, name)
        return
    t = turn.t
    turn.say(
        t(N_("Ông/bà muốn hỏi về việc gì?")),
        *(command_button("hoidap", t(label), page) for page, label in PAGES.items()),
        _officer(turn),
    )


def name_of(label: str) -> str:
    """What a question is about, as a button says it; "" when it is about benefits at large."""
    about = ABOUT[label]
    if about in law().benefits:
        return law().benefits[about].title
    return LIFE.get(about) or PAGES.get(about) or N_("📚 Các chế độ trợ giúp")


def _situation(turn: Turn, life: str) -> None:
    t = turn.t
    found = catalogue(life, turn.today)
    turn.say(
        t(N_("**{life}** – các chế độ đang áp dụng (bấm để xem):"), life=t(LIFE[life])),
        *(command_button("chedo", t(one.title), one.id) for one in found),
        *_next(turn, life),
    )


def _next(turn: Turn, life: str) -> tuple[Button, ...]:
    """What can be done about it: report what happened, or check what is due."""
    t = turn.t
    first = command_button("kiemtra", t(N_("🔎 Kiểm tra có được không")), CHECK_FOR.get(life, ""))
    if life == "kho_khan_dot_xuat":
        first = command_button("baotin", t(N_("📝 Báo khó khăn")))
    return (first, _officer(turn), command_button("chedo", t(N_("📚 Chế độ khác"))))


def _officer(turn: Turn) -> Button:
    return command_button("gapcanbo", turn.t(N_("💬 Hỏi cán bộ")))


def _benefit(turn: Turn, name: str) -> None:
    found = card(name, turn.today)
    if found is None:  # before the days the law files cover
        turn.say(turn.t(N_("Dạ, chế độ này cần cán bộ xem.")), _officer(turn))
        return
    life = law().benefits[name].life[0]
    turn.say(_card(found, turn), *_next(turn, life))


def _card(found: Card, turn: Turn) -> str:
    t = turn.t
    rows = [f"**{t(found.title)}**"]
    if found.closed:
        rows.append(found.closed)
    if found.who:
        rows.append(t(N_("**Ai được**")))
        rows += [f"• {line}" for line in found.who]
    if found.how_much:
        rows.append(t(N_("**Mức**")))
        rows += [f"• {line}" for line in found.how_much]
    if found.considered:
        rows.append(t(N_("(Luật viết «được xem xét»: xã xét từng trường hợp.)")))
    rows.append(t(N_("Căn cứ: {articles}"), articles=found.article))
    if found.papers:
        rows.append(t(N_("📄 Giấy tờ: {papers}"), papers=", ".join(found.papers)))
    rows.append(t(N_("🏢 Nộp tại: {where}"), where=found.where))
    limit, article = found.limit, found.limit_article
    rows.append(t(N_("⏱ Thời hạn: {limit} ({article})"), limit=limit, article=article))
    if found.before_month_end:
        rows.append(paid_from(found.paid_from, found.limit_working_days, turn.today, t))
    if found.not_checked:
        rows.append(t(N_("Lưu ý: {what}"), what="; ".join(found.not_checked)))
    return "\n".join(rows)


async def _page(turn: Turn, name: str) -> None:
    fill = _FILLED.get(name)
    values = fill(turn) if fill else {}
    if name == "contact":
        values = await _contact(turn)
    turn.say(pages.page(name, turn.locale, **values), *_after(turn, name))


def _after(turn: Turn, name: str) -> tuple[Button, ...]:
    t = turn.t
    offers = []
    if name in ("pregnant", "private", "documents", "health_card"):
        offers.append(command_button("kiemtra", t(N_("🔎 Kiểm tra có được không"))))
    if name in ("poor_household", "facility"):
        offers.append(command_button("baotin", t(N_("📝 Báo khó khăn"))))
    return (*offers, _officer(turn), command_button("hoidap", t(N_("❓ Câu hỏi khác"))))


def _amounts(turn: Turn) -> Mapping[str, object]:
    """«k15»: 1,5 times the standard of today."""
    standard = figure_on(law(), "standard", turn.today) or 0
    return {f"k{ten}": money(int(standard * Decimal(ten) / 10)) for ten in (10, 15, 20, 25)}


def _poverty(turn: Turn) -> Mapping[str, object]:
    now = next((one for one in law().poverty if one.covers(turn.today)), None)
    ahead = [one for one in law().poverty if one.since > turn.today]
    told = turn.t(N_("Từ {day}: {standard}."), day=f"{ahead[-1].since:%d/%m/%Y}",
                  standard=ahead[-1].say) + "\n" if ahead else ""  # fmt: skip
    return {"standard": now.say if now else turn.t(N_("chưa rõ")), "next": told}


async def _contact(turn: Turn) -> Mapping[str, object]:
    t = turn.t
    phone = await communes.telephone(turn, turn.commune) if turn.commune else None
    office = case_cards.office(turn.commune, t) if turn.commune else t(N_("UBND xã nơi ở"))
    return {"office": office, "phone": phone or t(N_("chưa có số trên kênh này"))}


_FILLED: Mapping[str, Callable[[Turn], Mapping[str, object]]] = {
    "pregnant": _amounts,
    "private": _amounts,
    "poor_household": _poverty,
}
FORMS: tuple[Form, ...] = ()
COMMANDS = (
    Command(
        "chedo",
        "benefits",
        show,
        N_("Các chế độ trợ giúp"),
        words=("che do", "cac che do", "tro cap"),
    ),
    Command(
        "hoidap",
        "questions",
        questions,
        N_("Giấy tờ, nhận tiền, câu hỏi khác"),
        words=("hoi dap",),
    ),
)
