/*{ "ISFVSN": "2", "INPUTS": [ { "NAME": "inputImage", "TYPE": "image" }, { "NAME": "hueShift", "TYPE": "float" }, { "NAME": "invert", "TYPE": "bool" } ] }*/
vec3 rgb2hsv(vec3 c) {
    float hi = max(c.r, max(c.g, c.b)), lo = min(c.r, min(c.g, c.b)), d = hi - lo;
    float h = d == 0. ? 0. : hi == c.r ? mod((c.g - c.b) / d, 6.) : hi == c.g ? (c.b - c.r) / d + 2. : (c.r - c.g) / d + 4.;
    return vec3(h / 6., hi == 0. ? 0. : d / hi, hi);
}
vec3 hsv2rgb(vec3 c) {
    vec3 k = abs(mod(c.x * 6. + vec3(0, 4, 2), 6.) - 3.) - 1.;
    return c.z * mix(vec3(1), clamp(k, 0., 1.), c.y);
}
void main() {
    vec4 c = IMG_THIS_PIXEL(inputImage);
    vec3 hsv = rgb2hsv(c.rgb);
    hsv.x = fract(hsv.x + hueShift);
    if (invert) hsv.z = 1.0 - hsv.z;
    gl_FragColor = vec4(hsv2rgb(hsv), c.a);
}
