"""What shoppers read about bringing friends in English."""

SENTENCES = {
    "offer_both": "Give a friend {friend}, and get {advocate} yourself.",
    "offer_advocate": "Bring a friend, and get {advocate}.",
    "offer_friend": "Give a friend {friend}.",
    "offer_none": "Tell a friend about us.",
    "take_part": "Sign in to get your own link.",
    "share": "I like this store. With my link you get {friend}: {link}",
    "share_none": "I like this store: {link}",
    "friend_points": "Welcome! You get {friend} once your first order has arrived and stays with you.",
    "friend_coupon": "Welcome! Here is {friend}, for your first order.",
    "friend_later": "Welcome! The store looks at this first; you get {friend} after that.",
    "friend_none": "Welcome! Your friend is told once you have ordered.",
    "amount_off": "{amount} off",
    "percent_off": "{percent} off",
    "free_shipping": "free shipping",
    "gift_card": "a gift card of {amount}",
}
