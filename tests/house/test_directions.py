"""Rooms call downwards, and a lower room only by the modules it offers."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.source import REPOSITORY, WIDGET, list_imports, list_modules, name_of, parse, room_of

GROUND = {"core", "config", "flask_config", "rooms", "file_kinds", "periodic_tasks", "tables"}

# What a room offers to those above it beside service.py, queries.py and models.py (rows as types of
# arguments, tables to join with): the modules its own docstring calls public.
OFFERED = {
    "sites": {
        "audit": "notes what an owner does",
        "doors": "makes every blueprint",
        "embed_guard": "says which site a request was let into",
        "lean_door": "answers by the lean views of a room",
        "errors": "what a caller may have to catch",
        "frames": "the policies of pages with a live preview",
        "forms": "rules of passwords in the reader's language",
        "invitations": "use cases of invitations",
        "link_frame": "what every page behind a link has",
        "logins": "who may log in, and how often may be tried",
        "owners": "use cases of owners, beside those of sites in service.py",
        "password_resets": "use cases of forgotten passwords",
        "rules": "what an origin, an e-mail address and a password are",
        "two_step": "use cases of the log-in's second step",
        "theme": "the colours of the widgets",
        "web": "the log-in session and CSRF of owners' pages",
    },
    "coupons": {
        "code_lists": "what a list of codes says",
        "errors": "what a caller may have to catch",
        "issuing": "giving out coupons, beside service.py",
        "pool_form": "the fields of a pool, which a reward's form has too",
        "pool_view": "what pages of coupons choose from",
        "redeeming": "coupons that orders use, beside service.py",
        "rules": "what codes look like",
        "schemas": "coupons as they come in and go out",
        "words": "what a coupon is worth, in an owner's words",
    },
    "customers": {
        "asks": "when a customer was last asked, beside service.py",
        "buyers": "who bought, found or made, beside service.py",
        "events": "what has happened to customers, beside service.py",
        "merging": "making two customers one, beside service.py",
        "rules": "which e-mail addresses are one, and what is told of a buyer",
        "schemas": "times and addresses as they are told",
        "searching": "who is called so, beside queries.py",
        "segment_models": "segments and their members, as models.py",
        "segment_queries": "who is in which segment, beside queries.py",
        "suppressions": "who wants no more mails",
        "tokens": "who a request speaks for",
    },
    "loyalty": {
        "account_queries": "accounts and their entries, beside queries.py",
        "accounts": "use cases of accounts, beside service.py",
        "earning": "points for things done, beside service.py",
        "field_checks": "checks of single values in a document",
        "gifts": "points that other rooms give for their own reasons, beside service.py",
        "entry_words": "why entries are what they are, in an owner's words",
        "ledger": "an account's book, and holding several accounts",
        "liability": "figures of what is owed",
        "members": "who takes part in a program",
        "order_earning": "points of orders, beside service.py",
        "program": "what a program pays",
        "program_checks": "the rules of a program in full",
        "program_queries": "a site's program and its versions, beside queries.py",
        "programs": "the program of a site as it is now",
        "report_days": "the days a report is about",
        "report_queries": "what is owed and what happened, beside queries.py",
        "texts": "how points and amounts are said to shoppers",
        "reward_models": "rewards and redemptions, as models.py",
        "standing": "how an account stands at a moment, and whom a session speaks for",
        "taking_back": "points that were not deserved, beside service.py",
    },
    "orders": {
        "carts": "use cases of carts",
        "documents": "what a store may tell",
        "filters": "which orders and carts are meant",
        "joining": "giving a customer's orders to another",
        "ledger": "the turn in which a site's orders change",
        "rates": "what amounts are in the reporting currency",
        "recording": "use cases of orders",
        "refunds": "use cases of refunds",
        "restating": "reckoning orders anew, batch by batch",
        "rollup_models": "the counted days and customers, as models.py",
        "rules": "what orders add to the figures",
    },
    "referrals": {
        "advocates": "codes of advocates, beside service.py",
        "merging": "whose friends they are when two customers are one, beside service.py",
        "owner_queries": "what owners look up, beside queries.py",
        "owner_words": "what became of referrals, in an owner's words",
        "program": "what bringing friends is worth",
        "program_checks": "the rules of a program in full",
    },
    "insights": {
        "rules": "what a figure is, and how it compares",
    },
    "popups": {
        "assignment": "which arm of a campaign a visitor is in",
        "consents": "what leads agreed to, beside service.py",
        "campaign_checks": "what a campaign may be",
        "content": "what a campaign's element shows",
        "errors": "what a caller may have to catch",
        "pictures": "the pictures of campaigns, beside service.py",
        "rules": "the choices a campaign has",
        "texts": "the wording of campaigns",
        "joining": "whose leads they are, beside service.py",
        "known": "what a customer's browser needs to know",
        "lead_models": "leads, as models.py",
        "published": "campaigns for the hot paths",
        "triggers": "when a campaign opens",
    },
    "reports": {
        "rules": "what may be said of a difference",
    },
    "reviews": {
        "answering": "what a store says to a review's author, beside service.py",
        "history": "who took a step",
        "media": "which photos are whose",
        "media_files": "what is being sent",
        "media_uploads": "use cases of uploads, beside service.py",
        "moderation": "what an owner decides, beside service.py",
        "products": "what a store tells of its products, beside service.py",
        "reader_models": "what readers do with reviews, as models.py",
        "recording": "storing a review with all that follows, beside service.py",
        "settings": "what may be set of reviews, beside service.py",
        "merging": "whose reviews they are when two customers are one, beside service.py",
        "verifying": "marking purchases that orders show, beside service.py",
        "rules": "how names are shown",
        "owner_queries": "what became of reviews, beside queries.py",
        "product_models": "reviewed products, as models.py",
        "owner_words": "what became of reviews, in an owner's words",
    },
    "surveys": {
        "answers": "what may be answered",
        "content": "what a survey's element shows",
        "costs": "what a survey costs the shopper",
        "definitions": "what a survey may ask",
        "errors": "what a caller may have to catch",
        "fatigue": "what keeps customers from being asked too often",
        "questions": "which questions are asked next",
        "schemas": "what an answer looks like on its way in",
        "setting_fields": "the fields of settings",
        "store_schemas": "what lists look like on their way in and out",
        "texts": "the wording of surveys",
        "value_checks": "the limits of definitions",
        "wording": "what an owner's texts may be",
        "published": "definitions for the hot paths",
        "charts": "what charts and tables of figures show",
        "conditions": "the filter as SQL",
        "desk_models": "tags and notes, as models.py",
        "filter_context": "the form and the words of a filter, for pages that take one",
        "filters": "the filter of answers",
        "question_report": "figures of questions, beside the score in summaries.py",
        "rollup_models": "the counted days, as models.py",
        "rewarding": "points for answers",
        "recording": "use cases of answers, beside those of surveys in service.py",
        "rules": "scores and scales",
        "summaries": "figures, beside the lists in queries.py",
        "settings": "what a survey's settings may be",
        "templates_catalogue": "the surveys to start from",
        "triggers": "when a survey is asked",
    },
}
ALWAYS_OFFERED = {"service", "queries", "models"}


def test_imports_keep_the_layers() -> None:
    linter = Path(sys.executable).with_name("lint-imports")
    result = subprocess.run([linter, "--no-cache"], cwd=REPOSITORY, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr


def test_rooms_call_only_what_a_lower_room_offers() -> None:
    strangers = []
    for path in list_modules():
        room = room_of(path)
        if room in ("rooms", "file_kinds", "periodic_tasks", "tables", "__init__"):
            continue
        for name in list_imports(path):
            package, _, rest = name.partition(".")
            other, _, module = rest.partition(".")
            module = module.partition(".")[0]
            if package != "widget" or other in {room, *GROUND}:
                continue
            if module not in ALWAYS_OFFERED | OFFERED.get(other, {}).keys():
                strangers.append(f"{name_of(path)} imports {name}")
    assert not strangers


def test_offered_modules_exist() -> None:
    for room, modules in OFFERED.items():
        for module in modules:
            assert (WIDGET / room / f"{module}.py").is_file(), f"{room}.{module}"


@pytest.mark.parametrize("room", sorted(path.parent.name for path in WIDGET.glob("*/__init__.py")))
def test_room_says_what_it_is_for(room: str) -> None:
    tree = parse(WIDGET / room / "__init__.py")
    docstring = ast.get_docstring(tree)
    assert docstring, "a room begins with its purpose, the tables it owns and the rooms it uses"
    assert len(tree.body) == 1, "a room's __init__.py holds no code"
