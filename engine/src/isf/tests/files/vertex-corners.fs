/*{ "DESCRIPTION": "Shrinks the frame by moving its corners.", "ISFVSN": "2", "INPUTS": [ { "NAME": "inputImage", "TYPE": "image" },
    { "NAME": "by", "TYPE": "float", "DEFAULT": 0.5 } ] }*/
void main() { gl_FragColor = IMG_THIS_PIXEL(inputImage); }
