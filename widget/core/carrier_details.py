"""What is said of a mail that did not leave, and of what a platform sent."""

from widget.core.marking import mark

# Why a mail did not leave; what its server answered is said in the server's words.
MAIL_DETAILS = (
    mark("The mail server did not answer in time."),
    mark("The mail server refused the user or the password of SMTP_URL."),
    mark("The mail server does not take addresses with such characters."),
    mark("The mail server offers no encryption, so the password was not sent."),
    mark("The mail server could not be reached: %(reason)s"),
    mark("The mail server answered %(answer)s"),
    mark("The file could not be written: %(reason)s."),
    mark("This address or a header cannot be written into a mail."),
)
# What became of what a platform sent.
PLATFORM_DETAILS = (
    mark("Order %(number)s is new."),
    mark("Order %(number)s has changed."),
    mark("Order %(number)s was known already."),
    mark("An older state of order %(number)s; the newer one stays."),
    mark("Order %(number)s was deleted and counts no more."),
    mark("Order %(number)s was deleted before anything else was told of it."),
    mark("A refund of order %(number)s."),
    mark("A cart."),
    mark("Customer %(number)s."),
    mark("Customers %(first)s and %(second)s became one."),
    mark("%(count)s things in one body."),
    mark("Nothing is read from this topic."),
    mark("The body is of a checkout in the making."),
    mark("The body reckons a refund; nothing was given back."),
    mark("The body has no usable “%(name)s”."),
    mark("The body has an amount that is none."),
    mark("The body has a quantity that is none."),
    mark("The body has another shape than the platform describes."),
    mark("The body holds values that cannot be stored."),
    mark("The body holds no object."),
    mark("The body names no currency, and the site has none yet."),
    mark("The body names no two customers."),
    mark("The body does not say which order it belongs to."),
)
