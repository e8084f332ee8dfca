"""What the insights room refuses."""

from widget.core.problems import Conflict


class SegmentInUse(Conflict):
    slug, title = "segment-in-use", "A survey is asked only of this segment's customers"
