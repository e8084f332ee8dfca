"""The owner's pages of coupons: pools with their counts, one pool with its codes, and every code there is."""

import uuid
from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response as BaseResponse

from widget.core.clock import utc_now
from widget.core.downloads import answer_download, read_format
from widget.core.formats import format_number
from widget.core.paging import Cursor
from widget.core.problems import InvalidFields
from widget.coupons import pool_view, queries, service, words
from widget.coupons.exports import stream_coupons
from widget.coupons.models import CouponPool
from widget.customers.queries import map_customers
from widget.sites.audit import note_action
from widget.sites.doors import current_site, pages_blueprint

reading = pages_blueprint("coupons", __name__)
editing = pages_blueprint("coupon_forms", __name__, reading="editor")

COUPONS_A_PAGE = 50


@editing.url_value_preprocessor
def allow_larger_list(endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """Let ten thousand codes be sent where a list is taken: the door reads the form before the view does."""
    if endpoint == "coupon_forms_pages.upload_codes":
        request.max_content_length = 2 * pool_view.MAX_UPLOAD_BYTES


@reading.route("/loyalty/coupons")
def show_pools() -> str:
    """Show the pools with how many of their codes are left, given out and used."""
    site_id = current_site().id
    return render_template(
        "coupons/pools.html",
        pools=queries.list_pools(site_id, with_archived=True),
        counts=queries.count_by_state(site_id),
        low_pools=queries.list_low_pools(site_id),
        words=words,
    )


@reading.route("/loyalty/coupons/<uuid:pool_id>")
def show_pool(pool_id: uuid.UUID) -> str:
    """Show one pool: what it is worth, its codes, and what can be done with it."""
    return _render_pool(_get_pool(pool_id))


@reading.route("/loyalty/coupons/codes")
def show_coupons() -> str:
    """Show the codes a filter means, newest first."""
    site, wanted = current_site(), pool_view.read_filter(request.args)
    cursor = request.args.get("cursor")
    place = Cursor.decode(cursor) if cursor else None
    page = queries.list_coupons(site.id, wanted, place, COUPONS_A_PAGE)
    return render_template(
        "coupons/coupons.html",
        page=page,
        query=pool_view.query_of(wanted),
        is_continued=bool(cursor),
        pools=queries.list_pools(site.id, with_archived=True),
        customers=map_customers(site.id, [one.customer_id for one in page.items if one.customer_id]),
        words=words,
    )


@reading.route("/loyalty/coupons/export")
def export_coupons() -> Response:
    """Stream the codes a filter means as a file."""
    wanted, file_format = pool_view.read_filter(request.args), read_format(request.args)
    chunks = stream_coupons(current_site().id, wanted, file_format, bom=request.args.get("bom") == "1")
    return answer_download(chunks, f"coupons-{utc_now():%Y-%m-%d}", file_format)


@editing.route("/loyalty/coupons/new")
def show_new_pool() -> str:
    """Show the form of a new pool."""
    return _render_form(pool_view.PoolForm.started(current_site()))


@editing.route("/loyalty/coupons/new", methods=["POST"])
def create_pool() -> Any:
    """Make a pool."""
    form = pool_view.PoolForm(request.form)
    document = form.read_new()
    if document is None:
        return _render_form(form), 422
    pool = service.create_pool(current_site().id, document, utc_now())
    note_action("coupon_pool.created", pool.name)
    flash(_("“%(name)s” is saved.", name=pool.name))
    return _go_to(pool)


@editing.route("/loyalty/coupons/<uuid:pool_id>/edit", methods=["POST"])
def change_pool(pool_id: uuid.UUID) -> Any:
    """Change how a pool's coupons are given out."""
    pool, form = _get_pool(pool_id), pool_view.PoolForm(request.form)
    changes = form.read_changes(pool)
    if changes is None:
        return _render_pool(pool, form), 422
    service.change_pool(pool, changes)
    note_action("coupon_pool.changed", pool.name)
    flash(_("“%(name)s” is saved.", name=pool.name))
    return _go_to(pool)


@editing.route("/loyalty/coupons/<uuid:pool_id>/codes", methods=["POST"])
def upload_codes(pool_id: uuid.UUID) -> Any:
    """Add the codes of a file or of what was pasted; each that is not taken is shown with its line."""
    pool = _get_pool(pool_id)
    try:
        listed = pool_view.read_upload(request)
        uploaded = service.add_codes(pool, listed, utc_now())
    except pool_view.UploadRefused as refusal:
        return _render_pool(pool, upload_error=str(refusal)), 422
    except InvalidFields as problem:
        return _render_pool(pool, upload_error=problem.errors[0].detail), 422
    note_action("coupon_pool.codes_added", pool.name, count=uploaded.added)
    added = ngettext(
        "%(number)s code is added.", "%(number)s codes are added.", uploaded.added, number=format_number(uploaded.added)
    )
    if uploaded.refused:
        return _render_pool(pool, uploaded=uploaded, added=added)
    flash(added)
    return _go_to(pool)


@editing.route("/loyalty/coupons/<uuid:pool_id>/archive", methods=["POST"])
def archive_pool(pool_id: uuid.UUID) -> BaseResponse:
    """Give out no more of a pool's coupons."""
    pool = _get_pool(pool_id)
    service.archive_pool(pool, utc_now())
    note_action("coupon_pool.archived", pool.name)
    flash(_("“%(name)s” is archived. Codes that customers have stay good.", name=pool.name))
    return redirect(url_for("coupons_pages.show_pools"))


@editing.route("/loyalty/coupons/<uuid:pool_id>/unarchive", methods=["POST"])
def unarchive_pool(pool_id: uuid.UUID) -> BaseResponse:
    """Give out a pool's coupons again."""
    pool = _get_pool(pool_id)
    service.unarchive_pool(pool)
    note_action("coupon_pool.unarchived", pool.name)
    flash(_("“%(name)s” gives out coupons again.", name=pool.name))
    return _go_to(pool)


def _get_pool(pool_id: uuid.UUID) -> CouponPool:
    return queries.get_pool(current_site().id, pool_id)


def _go_to(pool: CouponPool) -> BaseResponse:
    return redirect(url_for("coupons_pages.show_pool", pool_id=pool.id))


def _render_form(form: pool_view.PoolForm) -> str:
    return render_template("coupons/new_pool.html", form=form, words=words, currencies=pool_view.list_currencies())


def _render_pool(pool: CouponPool, form: pool_view.PoolForm | None = None, **more: Any) -> str:
    return render_template(
        "coupons/pool.html",
        pool=pool,
        form=form or pool_view.PoolForm.of(pool),
        counts=queries.count_by_state(pool.site_id).get(pool.id, {}),
        is_low=queries.is_low(pool),
        words=words,
        **more,
    )


@reading.errorhandler(InvalidFields)
def show_bad_filter(problem: InvalidFields) -> tuple[str, int]:
    """Say what is wrong with a filter, and show no code that it would seem to mean."""
    return render_template("coupons/bad_filter.html", problem=problem), problem.status
