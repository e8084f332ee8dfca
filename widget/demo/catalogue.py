"""What Maple Store sells, and who shops there."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Product:
    """One thing on the shelf; `short_names` are what people call it in their comments."""

    sku: str
    slug: str
    name: str
    tagline: str
    description: str
    facts: tuple[str, ...]
    price_minor: int
    tone: str
    short_names: dict[str, str]


@dataclass(frozen=True)
class Shopper:
    """A customer with an account at the shop; `id` is the shop's own."""

    id: str
    name: str
    email: str


CURRENCY = "USD"
PRODUCTS = (
    Product(
        sku="BOARD-01",
        slug="serving-board",
        name="Maple serving board",
        tagline="One plank, one handle, no glue",
        description=(
            "Cut from a single plank of sugar maple and oiled by hand. It carries bread to the table, cheese "
            "to the sofa, and looks better with every scratch."
        ),
        facts=("Sugar maple, 42 x 18 cm", "Finished with linseed oil", "Wash by hand, oil twice a year"),
        price_minor=4800,
        tone="sand",
        short_names={"en": "board", "it": "tagliere", "id": "talenan"},
    ),
    Product(
        sku="MUG-02",
        slug="stoneware-mug",
        name="Stoneware mug",
        tagline="Keeps the first coffee warm",
        description=(
            "Thrown thick, glazed thin. The handle takes two fingers and the rim is as fine as we dared to "
            "make it. No two are quite the same blue."
        ),
        facts=("Stoneware, 320 ml", "Fine in dishwasher and microwave", "Made in batches of forty"),
        price_minor=2400,
        tone="mist",
        short_names={"en": "mug", "it": "tazza", "id": "mug"},
    ),
    Product(
        sku="POT-03",
        slug="teapot",
        name="Little teapot",
        tagline="Two cups and a quiet half hour",
        description=(
            "A round pot for two, with a spout that does not drip and a lid that stays on when you pour. The "
            "strainer is part of the pot, so there is nothing to lose."
        ),
        facts=("Stoneware, 650 ml", "Strainer built in", "Bamboo handle"),
        price_minor=7200,
        tone="sage",
        short_names={"en": "teapot", "it": "teiera", "id": "teko"},
    ),
    Product(
        sku="THROW-04",
        slug="wool-throw",
        name="Wool throw",
        tagline="For the corner of the sofa everybody wants",
        description=(
            "Woven from undyed lambswool in a mill that has done little else since 1911. Heavy enough to "
            "stay where you put it, soft enough to be stolen."
        ),
        facts=("Lambswool, 130 x 180 cm", "Undyed yarn", "Air it, do not wash it"),
        price_minor=12000,
        tone="rose",
        short_names={"en": "throw", "it": "plaid", "id": "selimut"},
    ),
    Product(
        sku="CANDLE-05",
        slug="beeswax-candle",
        name="Beeswax candle",
        tagline="Smells of honey because it is honey's house",
        description=(
            "Poured by a beekeeper two valleys away. It burns for forty hours, bright and clean, and leaves "
            "nothing behind but a glass you will keep."
        ),
        facts=("Pure beeswax, 220 g", "Burns about 40 hours", "Glass to use again"),
        price_minor=1800,
        tone="honey",
        short_names={"en": "candle", "it": "candela", "id": "lilin"},
    ),
    Product(
        sku="MILL-06",
        slug="pepper-mill",
        name="Pepper mill",
        tagline="Coarse to the left, fine to the right",
        description=(
            "Turned from maple, with a ceramic grinder that does not rust or tire. Fill it once and it lasts "
            "until you have forgotten how to open it."
        ),
        facts=("Maple, 22 cm", "Ceramic grinder", "Fine to coarse in seven steps"),
        price_minor=5800,
        tone="clay",
        short_names={"en": "pepper mill", "it": "macinapepe", "id": "penggiling lada"},
    ),
    Product(
        sku="APRON-07",
        slug="linen-apron",
        name="Linen apron",
        tagline="Two pockets, one loop for the towel",
        description=(
            "Washed linen that is soft on the first day. The straps cross at the back, so nothing pulls at "
            "your neck while the onions take their time."
        ),
        facts=("Linen, one size", "Wash at 40 degrees", "Sewn in a workshop of six"),
        price_minor=5200,
        tone="sea",
        short_names={"en": "apron", "it": "grembiule", "id": "celemek"},
    ),
    Product(
        sku="DRIP-08",
        slug="coffee-stand",
        name="Pour-over stand",
        tagline="Slow coffee, standing up straight",
        description=(
            "A maple stand and a glass cone for the kind of coffee that is worth waiting three minutes for. "
            "It fits every mug we make and most that we do not."
        ),
        facts=("Maple and glass", "For paper filters number 2", "Comes apart for washing"),
        price_minor=6400,
        tone="stone",
        short_names={"en": "coffee stand", "it": "supporto per il caffè", "id": "dripper"},
    ),
)
PRODUCTS_BY_SLUG = {product.slug: product for product in PRODUCTS}
PRODUCTS_BY_SKU = {product.sku: product for product in PRODUCTS}

SHOPPERS = (
    Shopper("carol", "Carol Winter", "carol@shoppers.example"),
    Shopper("frank", "Frank Moreau", "frank@shoppers.example"),
)
SHOPPERS_BY_ID = {shopper.id: shopper for shopper in SHOPPERS}


def format_price(minor: int) -> str:
    """Return an amount in cents as the shop writes it.

    >>> format_price(4800), format_price(123450)
    ('$48.00', '$1,234.50')
    """
    return f"${minor // 100:,}.{minor % 100:02}"
