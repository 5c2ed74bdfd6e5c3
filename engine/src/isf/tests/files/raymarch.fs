/*{ "ISFVSN": "2", "CATEGORIES": ["Generator", "3D"], "INPUTS": [ { "NAME": "eye", "TYPE": "point2D", "DEFAULT": [0.0, 0.0] } ] }*/
#define STEPS 48
#define FAR 20.
const vec3 sun = normalize(vec3(1., 2., -1.5));
float map(in vec3 p) {
    vec3 q = p; q.xz = mod(q.xz + 1., 2.) - 1.;
    return min(length(q) - .5, p.y + .5);
}
vec3 normal(vec3 p) {
    const vec2 e = vec2(.001, 0.);
    return normalize(vec3(map(p + e.xyy) - map(p - e.xyy), map(p + e.yxy) - map(p - e.yxy), map(p + e.yyx) - map(p - e.yyx)));
}
float march(vec3 o, vec3 d) {
    float t = 0.;
    for (int i = 0; i < STEPS; ++i) { float h = map(o + d * t); if (h < .001 || t > FAR) break; t += h; }
    return t;
}
void mainImage(out vec4 fragColor, in vec2 fragCoord) {
    vec2 uv = (2. * fragCoord - RENDERSIZE.xy) / RENDERSIZE.y;
    vec3 o = vec3(eye / RENDERSIZE, TIME), d = normalize(vec3(uv, 1.5));
    float t = march(o, d);
    vec3 p = o + d * t;
    fragColor = vec4(mix(vec3(max(dot(normal(p), sun), .1)), vec3(.5, .7, .9), smoothstep(0., FAR, t)), 1.);
}
void main(void) { mainImage(gl_FragColor, gl_FragCoord.xy); }
