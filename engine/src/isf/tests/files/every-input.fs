/*{ "DESCRIPTION": "One input of each type.", "ISFVSN": "2", "INPUTS": [
    { "NAME": "go", "TYPE": "event", "LABEL": "Go" },
    { "NAME": "flip", "TYPE": "bool", "DEFAULT": true },
    { "NAME": "mode", "TYPE": "long", "VALUES": [0, 1, 2], "LABELS": ["Plain", "Rings", "Rays"], "DEFAULT": 1 },
    { "NAME": "speed", "TYPE": "float", "MIN": -2.0, "MAX": 2.0, "DEFAULT": 0.5, "IDENTITY": 0.0 },
    { "NAME": "centre", "TYPE": "point2D", "MIN": [0, 0], "MAX": [1, 1], "DEFAULT": [0.5, 0.5] },
    { "NAME": "ink", "TYPE": "color", "DEFAULT": [1, 0.5, 0, 1] },
    { "NAME": "picture", "TYPE": "image" },
    { "NAME": "wave", "TYPE": "audio", "MAX": 256 },
    { "NAME": "spectrum", "TYPE": "audioFFT", "MAX": 64 } ] }*/
void main() {
    vec2 p = isf_FragNormCoord - centre;
    if (flip) p.y = -p.y;
    float value = mode == 0 ? 1.0 : (mode == 1 ? fract(length(p) * 8.0 - TIME * speed) : fract(atan(p.y, p.x)));
    float loud = IMG_NORM_PIXEL(spectrum, vec2(abs(p.x), 0.5)).r + abs(IMG_NORM_PIXEL(wave, vec2(p.x + 0.5, 0.0)).r - 0.5);
    vec4 colour = ink * value + IMG_NORM_PIXEL(picture, p + centre) * loud;
    gl_FragColor = go ? vec4(1.0) : colour;
}
