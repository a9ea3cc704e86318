"""French sentences of the demo market, by theme. All invented.

`[a|b]` is the familiar or the formal word (tu or vous); `{slot}` is filled from `SLOTS`.
"""

from typing import Final

SLOTS: Final[dict[str, tuple[str, ...]]] = {
    "gear": (
        "la doudoune Névé 300", "le sac Cairn 38 L", "la tente Lagopède 2", "la veste Bise Pro",
        "les chaussures Moraine GTX", "le duvet Marmotte -7", "la frontale Luciole 400",
        "le pantalon Schiste", "les bâtons Mélèze carbone", "la polaire Edelweiss",
    ),
    "place": (
        "le vallon de Brumeval", "la crête des Corbières Blanches", "le lac d'Argentour",
        "le col de Pierrefeuille", "le plateau de Montclair", "la combe aux Isards",
        "l'arête du Grand Sifflet", "le cirque de Valombre", "la forêt d'Aubrac-le-Haut",
        "le belvédère de Roquebise",
    ),
    "hut": (
        "refuge du Vieux Mélèze", "refuge de la Tourne", "chalet des Isards", "refuge du Lac Noir",
        "gîte de Brumeval", "refuge de l'Aigle Gris",
    ),
    "town": (
        "Annessy-le-Lac", "Grenoblet", "Chambéroux", "Gapençon", "Briançonnet", "Tarbesac",
    ),
    "n": ("trois", "quatre", "cinq", "six", "sept", "huit", "dix", "douze"),
    "meal": (
        "un risotto aux cèpes", "un dahl de lentilles", "une polenta au beaufort",
        "un porridge noisette", "une soupe de panais", "un couscous aux abricots",
        "des crêpes à la farine de châtaigne", "un curry de pois chiches",
    ),
}  # fmt: skip

OPENERS: Final[dict[str, tuple[str, ...]]] = {
    "gear": (
        "Banc d'essai : {gear} au crible pendant {n} sorties.",
        "On a pesé, lavé et malmené {gear} : le verdict du testeur est tombé.",
        "Test matériel : faut-il choisir {gear} sous l'averse ?",
        "Comparatif du mois : {gear} face à ses rivales, mesures de poids à l'appui.",
        "Déballage de {gear} : tissu, coutures étanches, finitions, tout y passe.",
        "Fiche technique commentée de {gear} : imperméabilité, respirabilité, poids.",
        "Après {n} mois d'usure, voici notre avis honnête sur {gear}.",
        "{gear} : promesses d'étanchéité tenues ? Notre essai en laboratoire.",
    ),
    "trip": (
        "Récit de traversée : {n} jours à pied par {place}.",
        "Partis avant l'aube, nous avons rejoint {place} au lever du soleil.",
        "Carnet de route : l'itinéraire en boucle qui passe par {place}.",
        "Hier, {n} heures de marche pour atteindre {place} et une mer de nuages.",
        "Une randonnée de rêve : sentier balisé, alpages et bouquetins vers {place}.",
        "Souvenir de trek : la nuit au {hut} puis la montée vers {place}.",
        "Notre étape préférée de l'itinérance : du {hut} vers {place}.",
        "Dénivelé avalé, panorama gagné : balade contemplative sur {place}.",
    ),
    "safety": (
        "Bulletin d'avalanche : risque marqué, restons prudents sur les pentes chargées.",
        "Conseil sécurité : vérifier DVA, pelle et sonde avant chaque départ.",
        "Orage annoncé en montagne : les bons réflexes pour éviter la foudre.",
        "Rappel prévention : renoncer n'est jamais un échec quand la météo tourne.",
        "Hypothermie : reconnaître les premiers signes et alerter les secours.",
        "Chute de pierres, neige béton, corniches : lire les dangers du terrain.",
        "Appeler le 112 en altitude : la procédure de secours expliquée pas à pas.",
        "Plaque à vent : comment repérer une pente instable et l'éviter.",
    ),
    "contest": (
        "Jeu concours ! [Gagne|Gagnez] un lot surprise par tirage au sort.",
        "CONCOURS : {n} gagnants seront tirés au sort dimanche soir.",
        "Grand jeu d'automne : à gagner, {n} bons cadeaux pour toute l'équipe.",
        "Tirage au sort : un week-end à gagner pour deux, participation gratuite.",
        "[Tente ta|Tentez votre] chance : notre tombola met {n} cadeaux en jeu.",
        "Giveaway de la semaine : un lot à remporter, règlement en bio.",
        "Résultat du jeu concours : bravo à notre gagnante, lot expédié lundi !",
        "Quiz cadeau : une bonne réponse et le lot peut être à [toi|vous].",
    ),
    "jobs": (
        "On recrute ! Un poste de vendeur en CDI s'ouvre à {town}.",
        "Offre d'emploi : chef de rayon (H/F), contrat à temps plein, {town}.",
        "[Rejoins-nous|Rejoignez-nous] : stage de six mois en atelier de patronage à {town}.",
        "Recrutement saisonnier : {n} postes à pourvoir à {town}, logement fourni.",
        "Alternance : notre service marketing cherche une recrue à {town}.",
        "Poste ouvert : responsable logistique, salaire affiché, candidature simple.",
        "Portrait métier : notre modéliste raconte son embauche et son quotidien.",
        "Candidatures ouvertes : {n} entretiens d'embauche cette semaine à {town}.",
    ),
    "green": (
        "Atelier réparation : recoudre un accroc plutôt que racheter.",
        "Notre bilan carbone est publié : {n} pour cent d'émissions en moins.",
        "Polyester recyclé, coton biologique : l'origine de nos matières durables.",
        "Seconde vie : le rayon d'occasion accueille [tes|vos] vêtements usés.",
        "Écoconception : sans PFAS depuis {n} saisons et c'est irréversible.",
        "Consigne, recyclage, réemploi : nos déchets d'emballage fondent.",
        "Nettoyage bénévole : {n} sacs de déchets ramassés, planète soulagée.",
        "Engagement climat : transport sans avion et usine à l'énergie solaire.",
    ),
    "food": (
        "Recette de réchaud : {meal} prêt en douze minutes.",
        "Cuisine nomade : {meal}, lyophilisé maison, épices comprises.",
        "Que manger là-haut ? Notre menu énergétique commence par {meal}.",
        "Popote du soir : {meal}, une cuillère d'huile et du fromage râpé.",
        "Barres de céréales maison : dattes, noisettes, cuisson douce au four.",
        "Petit-déjeuner chaud : {meal} et un thé brûlant dans la gamelle.",
        "Déshydrater ses légumes : recette complète, {meal}.",
        "Goûter salé, ravitaillement sucré : {meal} et quelques fruits secs.",
    ),
    "event": (
        "Festival du film de montagne : projections et débats à {town}.",
        "Retrouvons-nous au salon de l'escalade de {town}, stand {n}.",
        "Soirée inauguration : portes ouvertes de la boutique de {town} samedi.",
        "Conférence et dédicace à {town} : billetterie ouverte, places limitées.",
        "Programme du festival : {n} projections, un concert, une table ronde.",
        "Rencontre publique à {town} : inscriptions ouvertes, entrée libre.",
        "Coulisses du salon : montage du stand et accueil des visiteurs à {town}.",
        "Avant-première à {town} : le documentaire en salle, suivi d'un débat.",
    ),
}

DETAILS: Final[dict[str, tuple[str, ...]]] = {
    "gear": (
        "Le zip remonte sans accroc et la membrane sèche en une heure.",
        "Notre balance affiche quarante grammes de plus que l'étiquette.",
        "Points forts : coupe ajustée, capuche réglable, tissu déperlant.",
        "Point faible : une poche ventrale trop étroite pour la carte.",
        "Note du testeur : huit sur dix, excellent rapport poids-chaleur.",
        "La semelle accroche le rocher mouillé mais s'use au talon.",
        "Garantie du fabricant : deux ans sur les coutures et la membrane.",
    ),
    "trip": (
        "Le sentier grimpe en lacets puis longe un torrent glacé.",
        "Au sommet, le silence, deux chamois et la vue jusqu'aux glaciers.",
        "La trace GPX fait dix-huit kilomètres pour mille mètres de montée.",
        "Nous avons dormi sous les étoiles, le givre sur la toile au réveil.",
        "Le gardien nous a montré un raccourci par la moraine.",
        "Descente par les pierriers, jambes lourdes et sourire aux lèvres.",
        "Le brouillard s'est levé d'un coup et la vallée est apparue.",
    ),
    "safety": (
        "Consulter le bulletin nivologique chaque matin reste indispensable.",
        "Un sifflet, une couverture de survie et la batterie pleine suffisent souvent.",
        "Les secouristes rappellent de prévenir un proche de l'horaire de retour.",
        "Espacer le groupe et traverser un par un réduit le danger d'ensevelissement.",
        "En cas d'orage, quitter l'arête et s'éloigner du métal.",
        "La pente dépasse trente degrés : prudence, la plaque peut partir.",
        "Un accident sur deux survient à la descente, par fatigue.",
    ),
    "contest": (
        "Pour participer : aimer, commenter et inviter deux amis avant minuit.",
        "Le tirage aura lieu lundi et les gagnants seront contactés par message.",
        "Règlement complet déposé chez huissier, jeu sans obligation d'achat.",
        "Un commentaire égale une chance de remporter le lot.",
        "Participation ouverte jusqu'à vendredi, bonne chance à tous !",
        "Le cadeau : un panier garni d'une valeur de deux cents euros.",
        "Les lots seront envoyés aux vainqueurs sous dix jours.",
    ),
    "jobs": (
        "Envoyer CV et lettre de motivation au service des ressources humaines.",
        "Profil recherché : débutant accepté, permis B, goût du contact client.",
        "Contrat de trente-cinq heures, mutuelle, tickets restaurant et primes.",
        "L'équipe compte neuf collègues et la formation interne dure un mois.",
        "Prise de poste dès janvier, télétravail possible deux jours.",
        "Salaire selon expérience, évolution vers un poste de manager.",
        "Le recruteur répond à chaque candidature sous une semaine.",
    ),
    "green": (
        "Chaque réparation évite neuf kilos de gaz à effet de serre.",
        "Le coton vient d'une filière biologique certifiée et tracée.",
        "Nos invendus sont donnés à une ressourcerie, zéro destruction.",
        "Les couturières remplacent zips et boutons pour prolonger la durée de vie.",
        "Objectif : diviser par deux notre empreinte carbone avant la fin de la décennie.",
        "L'eau de teinture est filtrée puis réutilisée en circuit fermé.",
        "Louer plutôt qu'acheter : la location arrive dans nos boutiques.",
    ),
    "food": (
        "Faire bouillir l'eau, verser, couvrir et laisser gonfler hors du feu.",
        "Ajouter curcuma, gingembre et une pincée de sel fumé.",
        "Quatre cents calories par portion, protéines végétales comprises.",
        "Garder les sachets au sec et couper le fromage au dernier moment.",
        "La cartouche de gaz dure neuf repas si l'on couvre la casserole.",
        "Mélanger farine, huile et miel puis cuire à la poêle.",
        "Une cuisson lente dans la marmite norvégienne épargne le combustible.",
    ),
    "event": (
        "Ouverture des portes à dix-neuf heures, buvette sur place.",
        "Le réalisateur sera présent pour répondre au public.",
        "Billets en ligne, tarif réduit pour les étudiants.",
        "Trois invités sur scène, animation pour les enfants l'après-midi.",
        "Le stand sera près de l'entrée nord, démonstrations toutes les heures.",
        "La salle compte deux cents places, réservation conseillée.",
        "Le jury remettra son prix lors de la cérémonie de clôture.",
    ),
}

TITLES: Final[dict[str, tuple[str, ...]]] = {
    "gear": (
        "Test matériel : {gear} en conditions réelles",
        "Banc d'essai : {gear}, poids et étanchéité mesurés",
        "Notre avis de testeur sur {gear} après {n} mois",
        "Comparatif : {gear} face à {n} concurrentes",
    ),
    "trip": (
        "Récit de randonnée : {n} jours vers {place}",
        "Carnet de route : traversée par {place}",
        "Itinéraire : du {hut} vers {place}",
        "Trek en boucle : {place}, le récit",
    ),
    "safety": (
        "Avalanche : {n} réflexes de sécurité avant de partir",
        "Conseil sécurité : lire un bulletin d'avalanche en {n} minutes",
        "Secours en montagne : {n} erreurs à éviter en cas d'accident",
        "Orage, foudre, hypothermie : {n} dangers et la prévention",
    ),
    "contest": (
        "Jeu concours : {n} lots à gagner cette semaine",
        "Tirage au sort : les {n} gagnants du grand jeu",
        "Concours : un cadeau à remporter, {n} jours pour participer",
        "Quiz cadeau : {n} questions, un lot à gagner",
    ),
    "jobs": (
        "Recrutement : {n} postes ouverts à {town}",
        "Offre d'emploi : rejoindre l'atelier de {town}",
        "Métier : dans la peau d'une modéliste, du stage au CDI à {town}",
        "Alternance et stage : {n} candidatures retenues à {town}",
    ),
    "green": (
        "Réparer plutôt que jeter : notre atelier en {n} gestes",
        "Bilan carbone : {n} engagements pour la planète",
        "Matières recyclées : {n} saisons d'écoconception",
        "Seconde main : {n} vêtements d'occasion remis en rayon",
    ),
    "food": (
        "Recette de réchaud : {meal} pour {n} marcheurs",
        "Cuisine nomade : {meal} en {n} étapes",
        "Déshydrater ses repas : {meal}, recette en {n} étapes",
        "Que manger en altitude : {meal} et {n} autres recettes",
    ),
    "event": (
        "Festival du film de montagne à {town} : le programme des {n} jours",
        "Salon de l'escalade de {town} : {n} rendez-vous sur notre stand",
        "Soirée projection à {town} : {n} films et un débat",
        "Portes ouvertes à {town} : {n} animations et un concert",
    ),
}

TAGS: Final[dict[str, tuple[str, ...]]] = {
    "gear": ("testmateriel", "equipement", "bancdessai"),
    "trip": ("randonnee", "trek", "carnetderoute"),
    "safety": ("securitemontagne", "avalanche", "prevention"),
    "contest": ("concours", "jeuconcours", "cadeau"),
    "jobs": ("recrutement", "emploi", "alternance"),
    "green": ("reparation", "ecoconception", "secondemain"),
    "food": ("recette", "cuisinenomade", "popote"),
    "event": ("festival", "salon", "projection"),
}
