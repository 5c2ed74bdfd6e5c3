/*{ "DESCRIPTION": "From one picture to the next, by noise.", "ISFVSN": "2", "CATEGORIES": ["Transition"], "INPUTS": [
    { "NAME": "startImage", "TYPE": "image" }, { "NAME": "endImage", "TYPE": "image" },
    { "NAME": "progress", "TYPE": "float", "DEFAULT": 0.0, "MIN": 0.0, "MAX": 1.0 } ] }*/
float hash(vec2 p) { return fract(sin(dot(p, vec2(12.9898, 78.233))) * 43758.5453); }
void main() {
    float t = float(hash(floor(gl_FragCoord.xy / 8.)) < progress);
    gl_FragColor = mix(IMG_THIS_NORM_PIXEL(startImage), IMG_THIS_NORM_PIXEL(endImage), t);
}
