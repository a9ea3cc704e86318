"""What people say under posts, what channels answer, and texts that try to break a screen."""

from typing import Final

CLOSERS: Final[dict[str, tuple[str, ...]]] = {
    "fr": (
        "[Tu en penses|Vous en pensez] quoi ?",
        "[Dis-nous|Dites-nous] tout en commentaire.",
        "[Clique|Cliquez] sur le lien pour la suite.",
        "[Enregistre|Enregistrez] cette publication pour plus tard.",
        "Et [toi, tu|vous, vous] [serais|seriez] partant ?",
        "[Ton|Votre] avis compte pour nous.",
    ),
    "en": (
        "What do you think?",
        "Tell us everything in the comments.",
        "Follow the link to read on.",
        "Save this post for later.",
    ),
}
PRAISE: Final[dict[str, tuple[str, ...]]] = {
    "fr": (
        "Magnifique, merci pour le partage !", "Super idée, j'adore.", "Bravo à toute l'équipe.",
        "Très utile, je garde ça précieusement.", "Ça donne envie d'y être.", "Top, bravo.",
        "Enfin un contenu clair, merci.", "Trop beau ! 😍", "Excellent, vivement la suite.",
    ),
    "en": (
        "Beautiful, thanks for sharing!", "Great idea, love it.", "Very useful, saved.",
        "Makes me want to be there.", "Well done to the whole team.", "Excellent as always.",
    ),
}  # fmt: skip
QUESTIONS: Final[dict[str, tuple[str, ...]]] = {
    "fr": (
        "Bonjour, c'est disponible quand en boutique ?", "Quelle taille prendre entre M et L ?",
        "Vous livrez en Belgique ?", "Est-ce que ça convient à un débutant ?",
        "On peut avoir le lien ?", "Quel est le prix ?", "Une version femme est prévue ?",
    ),
    "en": (
        "Hi, when will it be in stores?", "Which size between M and L?", "Do you ship abroad?",
        "Is it suitable for beginners?", "Could we have the link?", "What is the price?",
    ),
}  # fmt: skip
ANGER: Final[tuple[str, ...]] = (
    "Honteux, ma tente s'est déchirée au premier vent et le service client m'ignore.",
    "Arnaque totale, remboursez-nous !", "Je suis très déçu, plus jamais cette marque.",
    "Produit dangereux, la sangle a lâché en pleine descente.", "Scandaleux, quel mépris.",
    "Trois mois que j'attends mon remboursement, c'est inadmissible.",
    "Qualité lamentable, j'ai honte de l'avoir recommandé.", "Boycott. Vous mentez aux clients.",
    "Pire achat de ma vie, tout est cassé.", "Quelle horreur, un accident aurait pu arriver.",
    "Votre silence est insupportable, répondez !", "Nul, nul, nul. Je rends tout.",
)  # fmt: skip
ANSWERS: Final[dict[str, tuple[str, ...]]] = {
    "fr": (
        "Bonjour, merci [de ton|pour votre] message ! La réponse est oui.",
        "Merci beaucoup, [ton|votre] soutien nous touche.",
        "Bonjour, [écris-nous|écrivez-nous] en privé, nous regardons cela tout de suite.",
        "C'est noté, nous transmettons à l'atelier.",
    ),
    "en": (
        "Hi, thanks for your message! The answer is yes.",
        "Thank you so much, this means a lot.",
        "Please send us a private message, we will look into it.",
    ),
}
BUZZ_TEXT: Final = (
    "Nous rappelons la tente Lagopède 2 : une couture peut céder par vent fort. "
    "Le service client traitera les retours dans l'ordre d'arrivée."
)
PRAISED: Final[dict[str, tuple[str, ...]]] = {
    "fr": ("Merci {name} !", "Vu chez {name}.", "On en parlait avec l'équipe {name}."),
    "en": ("Thanks {name}!", "Seen at {name}.", "As the {name} crew told us."),
}
"""How strangers name a brand."""
DISCLOSURE: Final[dict[str, str]] = {
    "fr": "Collaboration commerciale avec {sponsor}.",
    "en": "Paid partnership with {sponsor}.",
}
ODD: Final[tuple[str, ...]] = (
    "<script>alert('vigie')</script> n'est qu'un texte, <b>promis</b>.",
    "5 < 7 && R&D > pub &amp; &lt;i&gt;entités&lt;/i&gt; « gardées » telles quelles.",
    "Anti" + "constitutionnellement" * 12,
    "شكرا لكم على هذه الرحلة الجميلة في الجبال.",
    "🏔️👩‍👩‍👧‍👦🇫🇷 ❄️ émojis composés, e\u0301 décomposé et espace insécable\u00a0!",
    '=HYPERLINK("https://sites.vigie-demo.example/","formule")',
    "'; DROP TABLE posts; -- \\ \" % _",
)
FIRST_NAMES: Final[tuple[str, ...]] = (
    "anouk", "bastien", "chloe", "damien", "elsa", "farid", "gaelle", "hugo", "ines", "jules",
    "karim", "lou", "manon", "nadir", "oceane", "paul", "rose", "samir", "tess", "yann",
)  # fmt: skip
