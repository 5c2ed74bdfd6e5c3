/*{ "DESCRIPTION": "Sharpens with places that the vertex shader works out.", "ISFVSN": "2",
    "INPUTS": [ { "NAME": "inputImage", "TYPE": "image" }, { "NAME": "amount", "TYPE": "float", "MIN": 0, "MAX": 4, "DEFAULT": 1 } ] }*/
#if __VERSION__ <= 120
varying vec2 left_of, right_of, above, below;
#else
in vec2 left_of;
in vec2 right_of;
in vec2 above, below;
#endif
void main() {
    vec4 middle = IMG_THIS_NORM_PIXEL(inputImage);
    vec4 around = IMG_NORM_PIXEL(inputImage, left_of) + IMG_NORM_PIXEL(inputImage, right_of)
        + IMG_NORM_PIXEL(inputImage, above) + IMG_NORM_PIXEL(inputImage, below);
    gl_FragColor = vec4((middle + (middle * 4.0 - around) * amount).rgb, middle.a);
}
