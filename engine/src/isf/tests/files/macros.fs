/*{ "ISFVSN": "2" }*/
#define PI 3.14159265
#define TAU (2. * PI)
#define sat(x) clamp(x, 0., 1.)
#define ROT(a) mat2(cos(a), -sin(a), sin(a), cos(a))
#define MIX3(a, b, c, t) mix(mix(a, b, sat((t) * 2.)), c, \
                             sat((t) * 2. - 1.))
#define LOOP(i, n) for (int i = 0; i < n; i++)
#define JOIN(a, b) a ## b
#define time TIME
#define resolution RENDERSIZE
#undef TAU
#define TAU 6.2831853
void main() {
    vec2 uv = (gl_FragCoord.xy - .5 * resolution) / min(resolution.x, resolution.y);
    float JOIN(su, m) = 0.;
    LOOP(k, 4) {
        uv *= ROT(time * .1 + float(k));
        sum += sat(sin(uv.x * TAU) * sin(uv.y * TAU));
    }
    gl_FragColor = vec4(MIX3(vec3(0), vec3(1, .4, 0), vec3(1), sum / 4.), 1);
}
