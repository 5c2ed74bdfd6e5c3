/*{ "ISFVSN": "2", "IMPORTED": [ { "NAME": "grain", "PATH": "grain.png" } ] }*/
void main() { gl_FragColor = IMG_PIXEL(grain, mod(gl_FragCoord.xy, IMG_SIZE(grain))); }
