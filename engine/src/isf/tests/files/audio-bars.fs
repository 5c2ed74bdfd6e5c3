/*{ "DESCRIPTION": "Bars of the spectrum.", "ISFVSN": "2", "CATEGORIES": ["Audio Visualizer"],
    "INPUTS": [ { "NAME": "fft", "TYPE": "audioFFT", "MAX": 32 }, { "NAME": "bars", "TYPE": "long", "VALUES": [8, 16, 32], "LABELS": ["8", "16", "32"], "DEFAULT": 16 } ] }*/
void main() {
    float x = floor(isf_FragNormCoord.x * float(bars)) / float(bars);
    float level = IMG_NORM_PIXEL(fft, vec2(x, 0.0)).r;
    gl_FragColor = vec4(vec3(step(isf_FragNormCoord.y, level)), 1.0);
}
