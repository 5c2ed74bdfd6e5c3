/*{ "ISFVSN": "2", "INPUTS": [ { "NAME": "inputImage", "TYPE": "image" }, { "NAME": "spread", "TYPE": "float", "DEFAULT": 2, "MAX": 10 } ] }*/
varying vec2 places[5];
varying float weight;
void main() {
    vec4 sum = vec4(0.0);
    for (int i = 0; i < 5; i++) sum += IMG_NORM_PIXEL(inputImage, places[i]);
    gl_FragColor = sum * weight;
}
