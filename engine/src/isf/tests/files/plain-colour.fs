/*{ "DESCRIPTION": "One colour, from the input.", "CREDIT": "Klangbild", "ISFVSN": "2", "CATEGORIES": ["Generator"],
    "INPUTS": [ { "NAME": "paint", "TYPE": "color", "LABEL": "Paint", "DEFAULT": [0.2, 0.4, 0.6, 1.0] } ] }*/
void main() { gl_FragColor = paint; }
