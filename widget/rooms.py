"""The map of the house: every blueprint, periodic task and command there is."""

from widget.core.background import PeriodicTask
from widget.core.commands import make_group, make_worker_command
from widget.core.mail_delivery import forget_old_mails, send_due_mails
from widget.customers.store_api import blueprint as customers_store
from widget.customers.tasks import forget_expired
from widget.dashboard.pages import account as dashboard_account
from widget.demo.commands import demo
from widget.demo.public import blueprint as demo_public
from widget.embed.embed_api import blueprint as embed_blueprint
from widget.embed.embed_api import files as embed_files
from widget.operations.api_docs import blueprint as api_docs
from widget.operations.public import blueprint as operations_public
from widget.reports import models as report_models  # noqa: F401 - declares its tables
from widget.sites.commands import owner_commands, site_commands
from widget.sites.pages import install as install_pages
from widget.sites.pages import settings as settings_pages
from widget.sites.tasks import forget_old
from widget.sites.theme_pages import files as logo_files
from widget.sites.theme_pages import look as look_pages
from widget.surveys import desk_models, rollup_models  # noqa: F401 - declare their tables
from widget.surveys.commands import export_responses, import_responses
from widget.surveys.embed_api import blueprint as surveys_embed
from widget.surveys.pages import editing as survey_form_pages
from widget.surveys.pages import reading as survey_pages
from widget.surveys.preview_pages import preview as survey_preview_pages
from widget.surveys.store_api import blueprint as surveys_store
from widget.surveys.tasks import bring_rollups_forward

API_BLUEPRINTS = (embed_files, logo_files, embed_blueprint, customers_store, surveys_embed, surveys_store)

PAGE_BLUEPRINTS = (
    dashboard_account,
    install_pages,
    settings_pages,
    survey_pages,
    survey_form_pages,
    survey_preview_pages,
    look_pages,
    operations_public,
    api_docs,
)

DEMO_BLUEPRINTS = (demo_public,)

IMPORTS = (import_responses,)

EXPORTS = (export_responses,)

TASKS = (
    PeriodicTask("send_due_mails", send_due_mails),
    PeriodicTask("bring_rollups_forward", bring_rollups_forward),
    PeriodicTask("forget_old_mails", forget_old_mails, is_hourly=True),
    PeriodicTask("forget_old_of_sites", forget_old, is_hourly=True),
    PeriodicTask("forget_expired_of_customers", forget_expired, is_hourly=True),
)

COMMANDS = (
    site_commands,
    owner_commands,
    demo,
    make_group("import", "Import rows of a kind from a file.", IMPORTS),
    make_group("export", "Export rows of a kind as a file.", EXPORTS),
    make_worker_command(TASKS),
)
