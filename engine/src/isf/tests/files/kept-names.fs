/*{ "ISFVSN": "2", "INPUTS": [
    { "NAME": "sample", "TYPE": "float", "DEFAULT": 0.5 }, { "NAME": "smooth", "TYPE": "float", "DEFAULT": 0.25 },
    { "NAME": "flat", "TYPE": "bool" }, { "NAME": "buffer", "TYPE": "image" }, { "NAME": "patch", "TYPE": "color" } ],
    "PASSES": [ { "TARGET": "shared" }, {} ] }*/
void main() {
    vec4 seen = IMG_NORM_PIXEL(buffer, isf_FragNormCoord) + IMG_THIS_PIXEL(shared);
    gl_FragColor = flat ? seen : mix(seen, patch, sample) * smooth + vec4(IMG_SIZE(buffer), 0.0, 1.0);
}
