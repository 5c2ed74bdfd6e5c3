/*{ "ISFVSN": "2", "INPUTS": [ { "NAME": "inputImage", "TYPE": "image" }, { "NAME": "overlay", "TYPE": "image" },
    { "NAME": "mode", "TYPE": "long", "LABELS": ["Add", "Multiply", "Screen", "Difference"] }, { "NAME": "opacity", "TYPE": "float", "DEFAULT": 1.0 } ] }*/
#define BLEND(name, expression) vec3 name(vec3 a, vec3 b) { return expression; }
BLEND(add, min(a + b, 1.0))
BLEND(multiply, a * b)
BLEND(screen, 1.0 - (1.0 - a) * (1.0 - b))
BLEND(difference, abs(a - b))
void main() {
    vec4 a = IMG_THIS_PIXEL(inputImage), b = IMG_THIS_PIXEL(overlay);
    vec3 c = mode == 0 ? add(a.rgb, b.rgb) : mode == 1 ? multiply(a.rgb, b.rgb) : mode == 2 ? screen(a.rgb, b.rgb) : difference(a.rgb, b.rgb);
    gl_FragColor = vec4(mix(a.rgb, c, b.a * opacity), a.a);
}
