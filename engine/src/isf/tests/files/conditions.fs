/*{ "ISFVSN": "2" }*/
#define QUALITY 2
#if QUALITY > 1 && !defined(FAST) || 0
    #define STEPS 8
#elif defined FAST
    #define STEPS 2
#else
    #error "never"
#endif
#ifndef STEPS
this is no GLSL at all @ $
#endif
#if __VERSION__ >= 130
#define NEW 1
#else
#define NEW 0
#endif
#if (QUALITY << 2) == 0x8 // a comment
void main() {
    float x = 0.0;
    for (int i = 0; i < STEPS; i++) { x += 1.0 / float(STEPS); }
    gl_FragColor = vec4(x, NEW, 0.0, 1.0);
}
#endif
