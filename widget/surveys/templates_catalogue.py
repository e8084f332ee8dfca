"""The templates there are, in the order an owner sees them."""

from widget.surveys.catalogue import delivery_ces, post_purchase_csat, product_quiz, relationship_nps, why_leaving
from widget.surveys.catalogue.template import Template

TEMPLATES: dict[str, Template] = {
    module.TEMPLATE.key: module.TEMPLATE
    for module in (post_purchase_csat, relationship_nps, delivery_ces, why_leaving, product_quiz)
}
