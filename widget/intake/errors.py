"""What the intake room refuses."""

from widget.core.problems import Conflict


class MergeRefused(Conflict):
    slug, title = "merge-refused", "These two customers cannot become one"
