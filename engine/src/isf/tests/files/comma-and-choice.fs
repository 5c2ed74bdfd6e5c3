/*{ "ISFVSN": "2" }*/
void main() {
    float a = 0., b = 1.; int i;
    a = (b = .5, b * .5);
    for (i = 0, b = 1.; i < 4; i++, b *= .5) a += b > .2 ? b : (i == 3 ? 1. : 0.);
    bool any = false; any = any || a > 1.; any = any && !(b < 0.) ? true : a == b;
    a += any ? 1. : 0.; a -= .5, a *= .25, a /= 2.;
    gl_FragColor = vec4(a) + vec4(bool(i), bvec2(true, false), 1u) + float(i++ + ++i) + vec4(any);
}
