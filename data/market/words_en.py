"""English sentences of the demo market, by theme. All invented; `{slot}` as in French."""

from typing import Final

SLOTS: Final[dict[str, tuple[str, ...]]] = {
    "gear": (
        "the Neve 300 down jacket", "the Cairn 38 pack", "the Lagopede tent", "the Bise shell",
        "the Moraine boots", "the Marmotte sleeping bag", "the Luciole headlamp",
    ),
    "place": (
        "Brumeval valley", "Lake Argentour", "Pierrefeuille pass", "the Montclair plateau",
        "the Grand Sifflet ridge", "the Valombre cirque",
    ),
    "hut": ("Old Larch hut", "Tourne hut", "Black Lake hut", "Grey Eagle hut"),
    "town": ("Annessy", "Grenoblet", "Chamberoux", "Gapencon"),
    "n": ("three", "four", "five", "six", "seven", "eight", "ten", "twelve"),
    "meal": (
        "mushroom risotto", "lentil dahl", "hazelnut porridge", "parsnip soup",
        "chickpea curry", "apricot couscous",
    ),
}  # fmt: skip

OPENERS: Final[dict[str, tuple[str, ...]]] = {
    "gear": (
        "Gear test: {gear} after {n} wet outings.",
        "We weighed, washed and abused {gear}: here is the tester's verdict.",
        "Gear review: is {gear} really waterproof?",
        "Side by side comparison: {gear} against its rivals, on the scales.",
        "Unboxing {gear}: fabric, taped seams, zips and weight.",
    ),
    "trip": (
        "Trip report: {n} days on foot across {place}.",
        "We left before dawn and reached {place} at sunrise.",
        "Hiking diary: the loop trail that climbs to {place}.",
        "A night at {hut}, then the long walk up to {place}.",
        "Sea of clouds below {place} after {n} hours of hiking.",
    ),
    "safety": (
        "Avalanche bulletin: considerable risk, stay off loaded slopes.",
        "Safety advice: check transceiver, shovel and probe before you leave.",
        "Thunderstorm warning in the mountains: how to avoid lightning.",
        "Hypothermia: spot the first signs and call mountain rescue.",
        "Turning back is never a failure when the weather closes in.",
    ),
    "contest": (
        "Giveaway! Win a surprise prize in our prize draw.",
        "CONTEST: {n} winners will be drawn on Sunday night.",
        "Prize draw: a weekend for two to win, free entry.",
        "Contest result: congratulations to our winner, prize on its way!",
        "Quiz giveaway: one right answer and the prize may be yours.",
    ),
    "jobs": (
        "We are hiring! A full time sales job opens in {town}.",
        "Job offer: store manager, permanent contract, {town}.",
        "Internship: six months in our pattern workshop in {town}.",
        "Seasonal recruitment: {n} jobs to fill in {town}, housing included.",
        "Applications open: {n} job interviews this week in {town}.",
    ),
    "green": (
        "Repair workshop: mend a tear instead of buying new.",
        "Our carbon footprint report is out: {n} percent fewer emissions.",
        "Recycled polyester, organic cotton: where our sustainable fabrics come from.",
        "Second life: our used clothing shelf takes back worn garments.",
        "Volunteers picked up {n} bags of waste for a cleaner planet.",
    ),
    "food": (
        "Camp stove recipe: {meal} ready in twelve minutes.",
        "Trail cooking: {meal}, dehydrated at home, spices included.",
        "What to eat up there? Our energy menu starts with {meal}.",
        "Home made cereal bars: dates, hazelnuts, slow baking.",
        "Hot breakfast: {meal} and scalding tea from the pot.",
    ),
    "event": (
        "Mountain film festival: screenings and debates in {town}.",
        "Meet us at the climbing fair in {town}, booth {n}.",
        "Opening night: open doors at the {town} shop on Saturday.",
        "Talk and book signing in {town}: tickets on sale, limited seats.",
        "Festival programme: {n} screenings, a concert, a panel.",
    ),
}

DETAILS: Final[dict[str, tuple[str, ...]]] = {
    "gear": (
        "The zip runs smoothly and the membrane dries within an hour.",
        "Our scales read forty grams above the label.",
        "Strong points: snug cut, adjustable hood, water repellent fabric.",
        "The outsole grips wet rock but the heel wears fast.",
    ),
    "trip": (
        "The path climbs in switchbacks along an icy stream.",
        "On the summit, silence, two chamois and glaciers far away.",
        "The GPX track runs eighteen kilometres with a thousand metres of climbing.",
        "We slept under the stars and woke to frost on the canvas.",
    ),
    "safety": (
        "Reading the avalanche bulletin each morning is a must.",
        "A whistle, a survival blanket and a full battery often suffice.",
        "Rescuers remind you to tell someone when you will be back.",
        "Spread the group and cross one by one to reduce the danger.",
    ),
    "contest": (
        "To enter: like, comment and tag two friends before midnight.",
        "The draw takes place on Monday and winners get a message.",
        "No purchase necessary, full rules on our site.",
        "Entries close on Friday, good luck everyone!",
    ),
    "jobs": (
        "Send your CV and cover letter to human resources.",
        "Candidate profile: beginners welcome, driving licence, customer skills.",
        "Thirty five hours, health insurance, bonus and training.",
        "The recruiter answers every application within a week.",
    ),
    "green": (
        "Every repair avoids nine kilos of greenhouse gas.",
        "The cotton comes from a certified organic supply chain.",
        "Unsold stock is donated and never destroyed.",
        "Dye water is filtered and recycled in a closed circuit.",
    ),
    "food": (
        "Boil the water, pour, cover and let it swell off the heat.",
        "Add turmeric, ginger and a pinch of smoked salt.",
        "Four hundred calories a serving, plant protein included.",
        "Keep the sachets dry and cut the cheese at the last minute.",
    ),
    "event": (
        "Doors open at seven, drinks on site.",
        "The director will be there to answer the audience.",
        "Tickets online, reduced price for students.",
        "The jury will award its prize at the closing ceremony.",
    ),
}

TITLES: Final[dict[str, tuple[str, ...]]] = {
    "gear": ("Gear test: {gear} in real conditions", "Review: {gear} after {n} months of abuse"),
    "trip": ("Trip report: {n} days hiking to {place}", "Hiking diary: from {hut} to {place}"),
    "safety": (
        "Avalanche safety: {n} habits before you leave",
        "Mountain rescue: {n} mistakes to avoid in an accident",
    ),
    "contest": ("Giveaway: {n} prizes to win this week", "Contest: the {n} winners of our draw"),
    "jobs": ("Hiring: {n} jobs open in {town}", "Internship: {n} applications for {town}"),
    "green": ("Repair, do not replace: {n} fixes", "Carbon footprint: {n} pledges for the planet"),
    "food": ("Camp stove recipe: {meal} for {n} hikers", "Trail cooking: {meal} in {n} steps"),
    "event": (
        "Mountain film festival in {town}: {n} days of screenings",
        "Climbing fair in {town}: {n} talks at our booth",
    ),
}

TAGS: Final[dict[str, tuple[str, ...]]] = {
    "gear": ("gearreview", "geartest"),
    "trip": ("tripreport", "hiking"),
    "safety": ("mountainsafety", "avalancheaware"),
    "contest": ("giveaway", "prizedraw"),
    "jobs": ("hiring", "jobs"),
    "green": ("repair", "circularfashion"),
    "food": ("trailfood", "recipe"),
    "event": ("filmfestival", "climbingfair"),
}
