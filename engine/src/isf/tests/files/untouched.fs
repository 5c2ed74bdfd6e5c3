/*{ "DESCRIPTION": "A filter that changes nothing.", "ISFVSN": "2", "CATEGORIES": ["Filter"],
    "INPUTS": [ { "NAME": "inputImage", "TYPE": "image" } ] }*/
void main() { gl_FragColor = IMG_THIS_PIXEL(inputImage); }
