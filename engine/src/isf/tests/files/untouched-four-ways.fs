/*{ "ISFVSN": "2", "INPUTS": [ { "NAME": "inputImage", "TYPE": "image" } ] }*/
void main() {
    vec4 a = IMG_PIXEL(inputImage, gl_FragCoord.xy);
    vec4 b = IMG_NORM_PIXEL(inputImage, isf_FragNormCoord);
    vec4 c = IMG_THIS_NORM_PIXEL(inputImage);
    vec4 d = IMG_NORM_PIXEL(inputImage, gl_FragCoord.xy / IMG_SIZE(inputImage));
    gl_FragColor = (a + b + c + d) / 4.0;
}
